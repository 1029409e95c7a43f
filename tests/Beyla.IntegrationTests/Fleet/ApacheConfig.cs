namespace Beyla.IntegrationTests.Fleet;

/// <summary>An Apache with event workers whose every request a script answers.</summary>
internal static class ApacheConfig
{
    private const string Modules = "/usr/lib/apache2/modules";

    /// <summary>Writes the configuration.</summary>
    /// <returns>Its path.</returns>
    public static string Write(LaunchContext context)
    {
        var path = Path.Combine(context.Directory, "apache.conf");
        File.WriteAllText(path, $"""
            ServerRoot {context.Directory}
            DocumentRoot {context.Directory}
            PidFile {context.Directory}/apache.pid
            ErrorLog {context.Directory}/error.log
            ServerName localhost
            {(Environment.IsPrivilegedProcess ? "User www-data\nGroup www-data" : "")}
            LoadModule mpm_event_module {Modules}/mod_mpm_event.so
            LoadModule authz_core_module {Modules}/mod_authz_core.so
            LoadModule env_module {Modules}/mod_env.so
            LoadModule lua_module {Modules}/mod_lua.so
            {(context.Tls is { } tls ? Secure(tls) : "")}
            {(context.IsHttp2 ? $"LoadModule http2_module {Modules}/mod_http2.so\nProtocols h2c http/1.1" : "")}
            Listen 127.0.0.1:{context.Port}
            StartServers 2
            ServerLimit 2
            ThreadsPerChild 25
            MaxRequestWorkers 50
            KeepAliveTimeout 60
            MaxKeepAliveRequests 0
            SetEnv TRUTH_FILE {context.TruthFile}
            LuaMapHandler "^/" "{FleetFiles.Source("Servers/apache/contract.lua")}" handle
            """);

        // The workers run as another user.
        File.WriteAllText(context.TruthFile, "");
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(context.TruthFile, (UnixFileMode)0b110_110_110);
            File.SetUnixFileMode(context.Directory, (UnixFileMode)0b111_101_101);
        }

        return path;
    }

    private static string Secure(CertificateFiles tls) => $"""
        LoadModule ssl_module {Modules}/mod_ssl.so
        SSLEngine on
        SSLCertificateFile {tls.Certificate}
        SSLCertificateKeyFile {tls.Key}
        """;
}
