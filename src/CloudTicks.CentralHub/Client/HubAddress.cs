using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Client;

internal static class HubAddress
{
    /// <summary>Reads <c>host:port</c>, <c>http://host:port</c> or <c>https://host[:port]</c>.</summary>
    /// <exception cref="FormatException">It is no address, or one to which a key would travel in clear.</exception>
    public static Uri Parse(string text, string setting)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(full.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.Host.Length == 0 || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            // It is not repeated: somebody may have put a key into it.
            throw new FormatException(
                $"{setting} is no address of a central hub: write http://127.0.0.1:7000 or https://host; a key goes into "
                    + $"{ServiceKey.Variable}.");
        }

        // The document travels in clear where the key does.
        return ServiceKey.RequireSafe(address, setting);
    }
}
