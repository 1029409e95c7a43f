using System.Globalization;
using System.Text;
using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>
/// The fleet's contract in nginx's terms. <c>error_page</c> answers any method with any status and a file, by sendfile;
/// a filter that never finds anything takes the length away and so makes the answer chunked.
/// </summary>
internal static class NginxConfig
{
    /// <summary>Writes the configuration and the files to be served.</summary>
    /// <returns>Path of the configuration.</returns>
    public static string Write(LaunchContext context)
    {
        var contents = Directory.CreateDirectory(Path.Combine(context.Directory, "content")).FullName;
        foreach (var size in LoadMix.ResponseSizes)
        {
            File.WriteAllBytes(Path.Combine(contents, $"{size}.bin"), BodyPattern.Make(size));
        }

        var path = Path.Combine(context.Directory, "nginx.conf");
        File.WriteAllText(path, Text(context, contents));
        return path;
    }

    /// <summary>Writes the configuration of a proxy that is secure at both ends.</summary>
    /// <param name="context">The proxy's.</param>
    /// <param name="upstream">The secure server to which it passes everything on.</param>
    /// <returns>Path of the configuration.</returns>
    public static string WriteProxy(LaunchContext context, FleetServer upstream)
    {
        var path = Path.Combine(context.Directory, "nginx.conf");
        File.WriteAllText(path, $$"""
            daemon off;
            worker_processes 1;
            {{Process(context)}}
            http {
                access_log off;
                {{Contents(context)}}
                upstream secure {
                    server {{upstream.Endpoint}};
                    keepalive 8;
                }
                server {
            {{Listen(context)}}
                    location / {
                        proxy_pass https://secure;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_ssl_trusted_certificate {{upstream.CertificateFile}};
                        proxy_ssl_verify on;
                        proxy_ssl_name localhost;
                    }
                }
            }

            """);
        return path;
    }

    private static string Process(LaunchContext context) => $$"""
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        pid {{context.Directory}}/nginx.pid;
        error_log {{context.Directory}}/error.log;
        events {
            worker_connections 256;
        }
        """;

    // Large contents, and files of its own for them.
    private static string Contents(LaunchContext context) => $"""
        client_max_body_size 16m;
        client_body_temp_path {context.Directory}/client;
        proxy_temp_path {context.Directory}/proxy;
        fastcgi_temp_path {context.Directory}/fastcgi;
        uwsgi_temp_path {context.Directory}/uwsgi;
        scgi_temp_path {context.Directory}/scgi;
        """;

    private static string Text(LaunchContext context, string contents) => $$"""
        daemon off;
        worker_processes 2;
        {{Process(context)}}
        http {
            log_format truth escape=json '{"request":"$request","status":"$status",'
                '"content":"$http_content_length$http_transfer_encoding","sent":$body_bytes_sent,"coding":"$sent_http_transfer_encoding",'
                '"msec":$msec,"took":$request_time}';
            access_log {{context.TruthFile}} truth;
            {{Contents(context)}}
            sendfile on;
            default_type application/octet-stream;
            keepalive_requests 100000;
            http2_max_concurrent_streams 256;
            map "$arg_chunked:$arg_close" $contents {
                default /plain;
                "1:" /chunked;
                ":1" /closing;
                "1:1" /closing-chunked;
            }
            server {
        {{Listen(context)}}
                location /plain/ {
                    internal;
                    alias {{contents}}/;
                }
                location /chunked/ {
                    internal;
                    alias {{contents}}/;
                    sub_filter_types *;
                    sub_filter 'found nowhere' '';
                }
                location /closing/ {
                    internal;
                    alias {{contents}}/;
                    keepalive_timeout 0;
                }
                location /closing-chunked/ {
                    internal;
                    alias {{contents}}/;
                    keepalive_timeout 0;
                    sub_filter_types *;
                    sub_filter 'found nowhere' '';
                }
        {{Locations()}}
            }
        }

        """;

    private static string Listen(LaunchContext context) => context.Tls is { } tls
        ? $"""
                    listen 127.0.0.1:{context.Port} ssl{Http2(context)};
                    ssl_certificate {tls.Certificate};
                    ssl_certificate_key {tls.Key};
                    ssl_protocols TLSv1.2 TLSv1.3;
                    ssl_session_cache shared:sessions:1m;
                    ssl_early_data on;
            """
        : $"        listen 127.0.0.1:{context.Port}{Http2(context)};";

    private static string Http2(LaunchContext context) => context.IsHttp2 ? " http2" : "";

    private static string Locations()
    {
        var text = new StringBuilder();
        Append(text, "/", 200);
        foreach (var status in PlanFactory.Statuses.Distinct())
        {
            Append(text, $"^~ /status/{status.ToString(CultureInfo.InvariantCulture)}/", status);
        }

        return text.ToString();
    }

    // 418 is nothing but the way into error_page: unlike some others it leaves the connection open.
    private static void Append(StringBuilder text, string location, int status) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"        location {location} {{ error_page 418 ={status} $contents/$arg_size.bin; return 418; }}");
}
