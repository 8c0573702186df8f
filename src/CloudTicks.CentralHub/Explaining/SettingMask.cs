using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>Masks secrets in explanations of settings.</summary>
internal static partial class SettingMask
{
    private const string Masked = "***";

    /// <summary>Returns the value, masked if it is a secret.</summary>
    public static string? Of(string name, string? value) => string.IsNullOrEmpty(value) ? value
        : SecretName().IsMatch(name) || SecretText().IsMatch(value) ? Masked
        : value;

    /// <summary>Matches the names of settings that are or contain secrets, such as connection strings.</summary>
    [GeneratedRegex("^ConnectionStrings(:|$)|key|secret|password|passwd|pwd|token|credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    /// <summary>Matches values that contain secrets: a URL with a user, a password in a connection string, or a CloudTicks key.</summary>
    [GeneratedRegex("://[^/@\\s]+@|(password|pwd|secret|accountkey|sharedaccesskey|apikey|token)\\s*=|ctk_", RegexOptions.IgnoreCase)]
    private static partial Regex SecretText();
}
