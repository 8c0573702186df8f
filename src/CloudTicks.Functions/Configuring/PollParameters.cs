using System.Globalization;
using CloudTicks.CentralHub.Documents;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Configuring;

internal static class PollParameters
{
    /// <summary>The documented name of the dry-run parameter, in the style of our JSON.</summary>
    public const string DryRunName = "dry_run";

    /// <summary>The parameter's name in earlier versions, still accepted.</summary>
    public const string OldDryRunName = "dryRun";

    private const int MaxSeconds = 60;
    private const int MaxCommentLength = 500;

    public static TimeSpan Wait(this QueryParameters parameters) =>
        parameters.TryGet<int>("wait", TryParse, $"It must be a whole number of seconds from 0 to {MaxSeconds}.", out var seconds)
            ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;

    /// <summary>Returns whether the request is a dry run, by either name; if both are present, one true value suffices.</summary>
    public static bool DryRun(this QueryParameters parameters) => parameters.Flag(DryRunName) | parameters.Flag(OldDryRunName);

    public static bool Flag(this QueryParameters parameters, string name) =>
        parameters.TryGet<bool>(name, bool.TryParse, "It must be true or false.", out var isSet) && isSet;

    /// <summary>Reads the author's comment; null for none.</summary>
    public static string? Comment(this QueryParameters parameters)
    {
        var comment = parameters.Text("comment");
        if (comment?.Length > MaxCommentLength || comment?.Any(char.IsControl) == true)
        {
            parameters.Refuse(
                "comment", $"It may have at most {MaxCommentLength} characters, and no control characters such as line breaks.");
        }
        else if (comment is not null && SecretDetector.IsSecret(comment))
        {
            parameters.Refuse("comment", SecretDetector.Message);
        }

        return string.IsNullOrWhiteSpace(comment) ? null : comment;
    }

    private static bool TryParse(string text, out int seconds) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= MaxSeconds;
}
