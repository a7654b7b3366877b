#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| access_groups_mock_fuzz::run("accepted_differences", input));
