-- Sends prepared requests in turn, and says at the end what came of them.
--
-- wrk -s requests.lua URL -- FILE COUNTER
-- FILE holds whole requests, separated by NUL. A run of eight `@` stands for a number that no other request has; it
-- begins at COUNTER. The result is one line of JSON after `result: `.

local prepared = {}
local position = 0
local counter = 0

function init(args)
    local file = assert(io.open(args[1], "rb"))
    for text in file:read("*a"):gmatch("[^%z]+") do
        local before, after = text:match("^(.-)@@@@@@@@(.*)$")
        prepared[#prepared + 1] = { whole = text, before = before, after = after }
    end
    file:close()
    counter = tonumber(args[2])
end

function request()
    position = position % #prepared + 1
    local next_one = prepared[position]
    if not next_one.before then
        return next_one.whole
    end
    counter = counter + 1
    return next_one.before .. string.format("%08d", counter) .. next_one.after
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'result: {"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,"p999":%d,"max":%d,'
            .. '"refused":%d,"broken":%d,"timeouts":%d}\n',
        summary.requests, summary.duration, summary.bytes,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max,
        errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
