// The helper module that the examples require, which is missing in their package.

module.exports.prepareTests = (file) => {
  process.env.IBM_CREDENTIALS_FILE = file;
  return describe;
};
