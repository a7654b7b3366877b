// The helper that the examples ask for, which is not in their package.

module.exports.prepareTests = (file) => {
  process.env.IBM_CREDENTIALS_FILE = file;
  return describe;
};
