using System.Globalization;
using System.Security.Cryptography;

namespace CloudTicks.Messaging.Nats;

/// <summary>The address of NATS and the settings of its connections. <see cref="ToString"/> contains the servers and no secret.</summary>
public sealed record NatsConnectionSettings
{
    private const int DefaultPort = 4222;

    private NatsConnectionSettings(IReadOnlyList<string> servers) => Servers = servers;

    /// <summary>The servers as <c>nats://host:port</c> or <c>tls://host:port</c>, without credentials; at least one.</summary>
    public IReadOnlyList<string> Servers { get; }

    /// <summary>The name in the server's list of connections. Default <c>cloudticks</c>.</summary>
    public string ClientName { get; init; } = "cloudticks";

    /// <summary>The connect timeout of one server. Default 2 s; more than zero.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait after all servers failed, extended at random by up to half. Default 250 ms; more than zero.</summary>
    public TimeSpan ReconnectWait { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The wait after a server refused the credentials. Default 2 s; more than zero.</summary>
    public TimeSpan RefusedWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The interval of pings. A connection whose server stops responding is closed after two to three intervals, or with NATS.Net after up
    /// to ten while messages are being published. Default 1.5 s; more than zero.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The maximum number of messages that wait for a subscription's handler; more are dropped and counted. Default
    /// 1,000,000.</summary>
    public int MaxPendingMessages { get; init; } = 1_000_000;

    /// <summary>The maximum bytes that wait for a subscription's handler; further messages are dropped and counted. Default 512
    /// MiB.</summary>
    public int MaxPendingBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>How long a disposed subscription waits for its handler to process the messages that have arrived.</summary>
    internal TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(2);

    internal string? UserName { get; private init; }

    internal string? Password { get; private init; }

    internal string? Token { get; private init; }

    internal bool Secure { get; private init; }

    /// <summary>The issuer of the servers' certificates, in PEM format; null for those that the system trusts.</summary>
    internal string? Authority { get; private init; }

    /// <summary>The name in the servers' certificates; null for the host in each address.</summary>
    internal string? ServerName { get; private init; }

    /// <summary>
    /// Parses a connection string: <c>nats://[user:password@]host[:port]</c> or <c>tls://...[?ca=FILE][&amp;name=NAME]</c>, several
    /// separated by commas. Only one server needs credentials and parameters; if other servers have them, they must be the same. A single
    /// word before the <c>@</c> is a token. Credentials and parameters may be percent-encoded; <c>ca</c> may
    /// also be the PEM text itself.
    /// </summary>
    /// <returns>The settings, with defaults for missing parts.</returns>
    /// <exception cref="FormatException">The text is invalid; the message does not repeat it, because it may contain a
    /// password.</exception>
    public static NatsConnectionSettings Parse(string? connectionString)
    {
        var items = (connectionString ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (items.Length == 0)
            throw new FormatException(
                "The NATS connection string is empty: set it to nats://host:4222, or to several servers separated by commas.");

        var servers = new List<string>(items.Length);
        string? credentials = null;
        string? parameters = null;
        var secure = false;
        for (var index = 0; index < items.Length; index++)
        {
            var (scheme, userInfo, address, query) = Split(items[index], index + 1);
            secure |= scheme == "tls";
            if (query is not null && parameters is not null && query != parameters)
                throw new FormatException(
                    "The NATS connection string has different authorities or names for its servers: use the same for all of them.");
            parameters ??= query;
            if (userInfo is not null && credentials is not null && userInfo != credentials)
                throw new FormatException(
                    "The NATS connection string has different credentials for its servers: use the same for all of them.");
            credentials ??= userInfo;
            servers.Add($"{scheme}://{address}");
        }

        var settings = new NatsConnectionSettings(servers) { Secure = secure }.WithTls(parameters);
        return credentials is null ? settings : settings.With(credentials);
    }

    /// <summary>The servers, without credentials.</summary>
    public override string ToString() => string.Join(',', Servers);

    /// <summary>The delay before the next attempt. Without a refusal it is random, so that clients do not reconnect together.</summary>
    internal TimeSpan DelayAfter(bool isRefusal) =>
        isRefusal ? RefusedWait : ReconnectWait + (ReconnectWait * (RandomNumberGenerator.GetInt32(500) / 1000.0));

    private NatsConnectionSettings With(string credentials)
    {
        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? this with { Token = Uri.UnescapeDataString(credentials) }
            : this with
            {
                UserName = Uri.UnescapeDataString(credentials[..colon]),
                Password = Uri.UnescapeDataString(credentials[(colon + 1)..]),
            };
    }

    private NatsConnectionSettings WithTls(string? parameters)
    {
        var settings = this;
        foreach (var parameter in (parameters ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = Uri.UnescapeDataString(parameter[(parameter.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            settings = parameter.Split('=')[0] switch
            {
                "ca" => settings with { Authority = NatsAuthority.Read(value) },
                "name" when value.Length > 0 => settings with { ServerName = value },
                _ => throw new FormatException(
                    "The NATS connection string has an unknown parameter, or an empty name: tls:// supports ?ca=FILE and &name=NAME."),
            };
        }

        return (settings.Authority is null && settings.ServerName is null) || Secure ? settings : throw new FormatException(
            "The NATS connection string names a certificate authority or a server name, but no connection is encrypted: use tls:// for its "
            + "servers.");
    }

    private static (string Scheme, string? UserInfo, string Address, string? Parameters) Split(string item, int position)
    {
        var end = item.IndexOf("://", StringComparison.Ordinal);
        var scheme = end < 0 ? "nats" : item[..end];
        if (scheme is not ("nats" or "tls"))
            throw new FormatException($"Server {position} of the NATS connection string has an unknown scheme: use nats:// or tls://.");
        var rest = end < 0 ? item : item[(end + 3)..];
        var at = rest.LastIndexOf('@');
        var userInfo = at < 0 ? null : rest[..at];
        var target = rest[(at + 1)..];
        var queryStart = target.IndexOf('?', StringComparison.Ordinal);
        var (address, parameters) = queryStart < 0 ? (target, null) : (target[..queryStart], target[(queryStart + 1)..]);
        // Only the address is parsed as a Uri, so that no special character in a password can shift the parts.
        if (!Uri.TryCreate($"{scheme}://{address}", UriKind.Absolute, out var uri) || uri.Host.Length == 0
            || uri.AbsolutePath.Trim('/').Length > 0)
            throw new FormatException(
                $"Server {position} of the NATS connection string cannot be read: expected nats://[user:password@]host[:port].");
        var port = uri.Port < 0 ? DefaultPort : uri.Port;
        return (scheme, userInfo, string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{port}"), parameters);
    }
}
