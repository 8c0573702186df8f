using System.Globalization;

namespace CloudTicks.Collection.DbServer;

/// <summary>Where a server that takes ticks over HTTP is: <c>host:port</c>, or <c>https://host:port</c>.</summary>
internal static class DbServerAddress
{
    private const string Path = "/db_command";
    private const string Secure = "https://";

    /// <summary>Reads an address.</summary>
    /// <exception cref="CollectorException">It is none; the sentence says what one looks like.</exception>
    public static Uri Parse(string text)
    {
        var isSecure = text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        var address = isSecure ? text[Secure.Length..] : text;
        var colon = address.LastIndexOf(':');
        var host = colon > 0 ? address[..colon] : "";
        return int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 1 and <= 65535
            && Uri.CheckHostName(host.Trim('[', ']')) is not UriHostNameType.Unknown
            && (!host.Contains(':', StringComparison.Ordinal) || (host[0] == '[' && host[^1] == ']'))
            ? new UriBuilder(isSecure ? "https" : "http", host, port, Path).Uri
            : throw new CollectorException(
                $"The server for ticks is '{text}', which is no host:port, such as 127.0.0.1:9100 or https://ticks.example:443.");
    }
}
