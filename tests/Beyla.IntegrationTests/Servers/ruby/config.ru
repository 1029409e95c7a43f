# The fleet's contract (../README.md) on puma; the truth file comes in the environment.
require 'json'

PIECE = 64 * 1024
CONTENT = "HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n" * 30_000
TRUTH = File.open(ENV.fetch('TRUTH_FILE'), 'a')
TRUTH.sync = true

# CLOCK_MONOTONIC in nanoseconds.
module Clock
  def self.now
    Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
  end
end

# Content in pieces; logs when puma has taken the last one or given up.
class Answer
  def initialize(size, truth)
    @size = size
    @truth = truth
  end

  def each
    while @truth[:responseBytes] < @size
      piece = CONTENT.byteslice(@truth[:responseBytes], [PIECE, @size - @truth[:responseBytes]].min)
      @truth[:handlerEndNs] = Clock.now
      yield piece
      @truth[:responseBytes] += piece.bytesize
    end
  end

  def close
    TRUTH.write("#{JSON.generate(@truth)}\n")
  end
end

run(lambda do |env|
  start = Clock.now
  query = env['QUERY_STRING'].split('&').to_h { |pair| pair.split('=', 2) }
  parts = env['PATH_INFO'].split('/')
  status = parts[1] == 'status' ? parts[2].to_i : 200
  received = 0
  while (piece = env['rack.input'].read(PIECE))
    received += piece.bytesize
  end
  sleep(query['delay_ms'].to_i / 1000.0) if query.key?('delay_ms')

  size = query['size'].to_i
  has_content = env['REQUEST_METHOD'] != 'HEAD' && status != 204 && status != 304
  headers = {}
  headers['Content-Type'] = 'application/octet-stream' if has_content
  headers['Content-Length'] = size.to_s if has_content && !query.key?('chunked')
  headers['Connection'] = 'close' if query.key?('close')
  truth = {
    id: query['id'],
    method: env['REQUEST_METHOD'],
    path: env['PATH_INFO'],
    status: status,
    requestBytes: received,
    responseBytes: 0,
    handlerStartNs: start,
    handlerEndNs: Clock.now
  }
  [status, headers, Answer.new(has_content ? size : 0, truth)]
end)
