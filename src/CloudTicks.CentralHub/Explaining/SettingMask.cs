using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>Masks secrets in explanations of settings.</summary>
internal static partial class SettingMask
{
    private const string Masked = "***";

    /// <summary>The value, masked if it is a secret.</summary>
    public static string? Of(string name, string? value) => string.IsNullOrEmpty(value) ? value
        : SecretName().IsMatch(name) || SecretText().IsMatch(value) ? Masked
        : value;

    /// <summary>Connection strings contain passwords; the names of other secrets identify them.</summary>
    [GeneratedRegex("^ConnectionStrings(:|$)|key|secret|password|passwd|pwd|token|credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    /// <summary>A URL with a user, a password in a connection string, or a CloudTicks key.</summary>
    [GeneratedRegex("://[^/@\\s]+@|(password|pwd|secret|accountkey|sharedaccesskey|apikey|token)\\s*=|ctk_", RegexOptions.IgnoreCase)]
    private static partial Regex SecretText();
}
