-- Sends prepared requests in turn, and prints the results at the end.
--
-- wrk -s requests.lua URL -- FILE COUNTER
-- FILE contains complete requests, separated by NUL. `@@@@@@@@` is a placeholder for a number that is unique to each
-- request and starts after COUNTER. The result is one line of JSON after `result: `.

local prepared = {}
local position = 0
local counter = 0

function init(args)
    local file = assert(io.open(args[1], "rb"))
    for text in file:read("*a"):gmatch("[^%z]+") do
        local before, after = text:match("^(.-)@@@@@@@@(.*)$")
        prepared[#prepared + 1] = { complete = text, before = before, after = after }
    end
    file:close()
    counter = tonumber(args[2])
end

function request()
    position = position % #prepared + 1
    local selected = prepared[position]
    if not selected.before then
        return selected.complete
    end
    counter = counter + 1
    return selected.before .. string.format("%08d", counter) .. selected.after
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'result: {"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,"p999":%d,"max":%d,'
            .. '"error_statuses":%d,"connection_errors":%d,"timeouts":%d}\n',
        summary.requests, summary.duration, summary.bytes,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max,
        errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
