using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Client;

internal static class HubAddress
{
    /// <summary>Parses <c>host:port</c>, <c>http://host:port</c> or <c>https://host[:port]</c>.</summary>
    /// <exception cref="FormatException">The text is not an address, or keys would be sent to the address unencrypted.</exception>
    public static Uri Parse(string text, string setting)
    {
        var fullAddress = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(fullAddress.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.Host.Length == 0 || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            // The message does not repeat the text, because it may contain a key.
            throw new FormatException(
                $"{setting} is not the address of a central hub: use http://127.0.0.1:7000 or https://host. Set a key with "
                    + $"{ServiceKey.Variable}.");
        }

        // An endpoint that is unsafe for keys is also unsafe for documents.
        return ServiceKey.RequireSafe(address, setting);
    }
}
