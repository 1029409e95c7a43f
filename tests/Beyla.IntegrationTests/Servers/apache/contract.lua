-- The fleet's contract (../README.md) in Apache, by mod_lua. Its clock is that of the wall, in microseconds. Scripts can read
-- content of some requests only, so Apache throws all of it away.
local pattern = "HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n"
local content = string.rep(pattern, 30000)
local piece = 64 * 1024

local function log(r, line)
	local file = io.open(r.subprocess_env["TRUTH_FILE"], "a")
	file:write(line)
	file:close()
end

function handle(r)
	local start = r:clock()
	local query = r:parseargs()
	local status = tonumber(r.uri:match("^/status/(%d+)/")) or 200
	local size = tonumber(query.size) or 0
	local has_content = r.method ~= "HEAD" and status ~= 204 and status ~= 304
	local sent = 0
	if query.delay_ms then
		r.usleep(tonumber(query.delay_ms) * 1000)
	end

	r.status = status
	r.content_type = "application/octet-stream"
	if query.close then
		r.subprocess_env["nokeepalive"] = "1"
	end
	if status ~= 204 and not (query.chunked and has_content) then
		r.headers_out["Content-Length"] = tostring(size)
	end
	local finish = r:clock()
	if has_content then
		while sent < size do
			local part = content:sub(sent + 1, math.min(size, sent + piece))
			finish = r:clock()
			r:write(part)
			if query.chunked then
				r:flush()
			end
			sent = sent + #part
		end
	end
	log(r, string.format(
		'{"id":"%s","method":"%s","path":"%s","status":%d,"requestBytes":null,"responseBytes":%d,"handlerStartUs":%d,"handlerEndUs":%d}\n',
		query.id, r.method, r.uri, status, sent, start, finish))
	return apache2.OK
end
