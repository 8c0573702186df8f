using System.Text;
using ServiceDefaults.Access;

namespace ServiceDefaults.Clients;

/// <summary>A caller's key for our services: where it is configured, how it is sent, and where it must not be sent.</summary>
public static class ServiceKey
{
    /// <summary>The header with the key, as in Azure Functions. A key is never part of a URL.</summary>
    public const string Header = "x-functions-key";

    /// <summary>The environment variable with the key that a service or the command line uses.</summary>
    public const string Variable = "CLOUDTICKS_HUB_KEY";

    /// <summary>
    /// The key from the environment variable; null if it is not set. Files and command lines are not supported, because other users could
    /// read them.
    /// </summary>
    public static string? OfEnvironment() =>
        Environment.GetEnvironmentVariable(Variable)?.Trim() is { Length: > 0 } key ? key : null;

    /// <summary>Whether a key may be sent to a server: only over TLS or within this machine, where it cannot be intercepted.</summary>
    public static bool MayBeSentTo(Uri server) => server.Scheme == Uri.UriSchemeHttps || LocalRule.IsLoopbackName(server.Host);

    /// <summary>Rejects a server to which a key would be sent unencrypted. Every client checks this; none silently omits the key.</summary>
    /// <param name="name">What the address belongs to: a setting, an option or a server.</param>
    /// <exception cref="FormatException">The key would be sent unencrypted.</exception>
    public static Uri RequireSafe(Uri server, string name) =>
        MayBeSentTo(server) ? server : throw new FormatException(Refusal(server, name));

    /// <summary>Rejects a key that no HTTP header can contain; the message does not repeat it.</summary>
    /// <exception cref="FormatException">The text cannot be a key.</exception>
    public static string RequireKey(string key) => Ascii.IsValid(key) && !key.Any(char.IsControl)
        ? key
        : throw new FormatException($"The value of {Variable} is not a key.");

    /// <summary>The message of <see cref="RequireSafe"/>.</summary>
    public static string Refusal(Uri server, string name) =>
        $"{name} is {server.GetLeftPart(UriPartial.Authority)}, to which keys would be sent unencrypted: "
            + $"write https://{server.Authority}, or use a server on this machine.";
}
