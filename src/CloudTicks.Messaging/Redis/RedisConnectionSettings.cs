using System.Globalization;
using StackExchange.Redis;

namespace CloudTicks.Messaging.Redis;

/// <summary>The address of Redis. <see cref="ToString"/> contains the server and no secret.</summary>
public sealed record RedisConnectionSettings
{
    private const int DefaultPort = 6379;
    private const string AddressFormat = "redis://[user:]password@host:port[/database], or host:port";

    private RedisConnectionSettings(string host, int port) => (Host, Port) = (host, port);

    /// <summary>The host.</summary>
    public string Host { get; }

    /// <summary>The port; default 6379.</summary>
    public int Port { get; }

    /// <summary>The database; default 0. Channels are the same in all databases.</summary>
    public int Database { get; private init; }

    /// <summary>The timeout for connecting and for a response. Default 2 s; must be positive.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    internal string? UserName { get; private init; }

    internal string? Password { get; private init; }

    /// <summary>
    /// Parses an address: <c>redis://[user:]password@host:port[/database]</c>, <c>rediss://...</c> for TLS, or <c>host:port</c>. User and
    /// password may be percent-encoded.
    /// </summary>
    /// <exception cref="FormatException">The text is invalid; the message does not repeat it, because it may contain a
    /// password.</exception>
    public static RedisConnectionSettings Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException($"The address of Redis is empty: write {AddressFormat}.");
        }

        var (scheme, rest) = text.Trim().Split("://", 2) is [var name, var remainder] ? (name, remainder) : ("redis", text.Trim());
        if (scheme is not ("redis" or "rediss"))
        {
            throw new FormatException($"The address of Redis has an unknown scheme: write {AddressFormat}.");
        }

        var at = rest.LastIndexOf('@');
        // Only the address is parsed as a Uri, so that no special character in a password can shift the parts.
        if (!Uri.TryCreate($"redis://{rest[(at + 1)..]}", UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Query.Length > 0
            || uri.Port == 0)
        {
            throw new FormatException($"The address of Redis cannot be read: write {AddressFormat}.");
        }

        var database = 0;
        var path = uri.AbsolutePath.Trim('/');
        if (path.Length > 0 && !int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out database))
        {
            throw new FormatException($"The database in the address of Redis is not a number: write {AddressFormat}.");
        }

        var settings = new RedisConnectionSettings(uri.Host.Trim('[', ']'), uri.Port < 0 ? DefaultPort : uri.Port)
        {
            Database = database,
            IsSecure = scheme == "rediss",
        };
        return at < 0 ? settings : settings.With(rest[..at]);
    }

    /// <summary>The server, without credentials.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    internal bool IsSecure { get; private init; }

    internal ConfigurationOptions ToOptions()
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ClientName = "cloudticks",
            ConnectRetry = 1,
            ConnectTimeout = (int)Timeout.TotalMilliseconds,
            SyncTimeout = (int)Timeout.TotalMilliseconds,
            DefaultDatabase = Database,
            KeepAlive = 5,
            Ssl = IsSecure,
            TieBreaker = "",
        };
        options.EndPoints.Add(Host, Port);
        if (Password is { Length: > 0 })
        {
            options.Password = Password;
        }

        if (UserName is { Length: > 0 } user)
        {
            RedisUser.Set(options, user);
        }

        return options;
    }

    private RedisConnectionSettings With(string credentials)
    {
        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? "" : Uri.UnescapeDataString(credentials[..colon]);
        RedisUser.Check(user);
        return this with { UserName = user, Password = Uri.UnescapeDataString(credentials[(colon + 1)..]) };
    }
}
