using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>Keeps secrets out of what is told of settings.</summary>
internal static partial class SettingMask
{
    private const string Masked = "***";

    /// <summary>A value as it may be told.</summary>
    public static string? Of(string name, string? value) => string.IsNullOrEmpty(value) ? value
        : SecretName().IsMatch(name) || SecretText().IsMatch(value) ? Masked
        : value;

    /// <summary>Connection strings hold passwords; the names of the others say what they are.</summary>
    [GeneratedRegex("^ConnectionStrings(:|$)|key|secret|password|passwd|pwd|token|credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    /// <summary>A URL with a user, a pair of a connection string, a key of ours.</summary>
    [GeneratedRegex("://[^/@\\s]+@|(password|pwd|secret|accountkey|sharedaccesskey|apikey|token)\\s*=|ctk_", RegexOptions.IgnoreCase)]
    private static partial Regex SecretText();
}
