using System.Globalization;

namespace CloudTicks.Collection.DbServer;

/// <summary>Parses the address of a server that receives ticks over HTTP: <c>host:port</c> or <c>https://host:port</c>.</summary>
internal static class DbServerAddress
{
    private const string Path = "/db_command";
    private const string HttpsPrefix = "https://";

    /// <summary>Parses an address into the URL of its <c>/db_command</c>.</summary>
    /// <exception cref="CollectorException">The text is not an address. The message has examples.</exception>
    public static Uri Parse(string text)
    {
        var isSecure = text.StartsWith(HttpsPrefix, StringComparison.OrdinalIgnoreCase);
        var address = isSecure ? text[HttpsPrefix.Length..] : text;
        var colon = address.LastIndexOf(':');
        var host = colon > 0 ? address[..colon] : "";
        return int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 1 and <= 65535
            && Uri.CheckHostName(host.Trim('[', ']')) is not UriHostNameType.Unknown
            && (!host.Contains(':', StringComparison.Ordinal) || (host[0] == '[' && host[^1] == ']'))
            ? new UriBuilder(isSecure ? "https" : "http", host, port, Path).Uri
            : throw new CollectorException(
                $"Collector:DbServer is '{text}', which is not host:port: use for example 127.0.0.1:9100 or https://ticks.example:443.");
    }
}
