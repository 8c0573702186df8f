using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Verification.Findings;

/// <summary>The finding of a check.</summary>
/// <param name="State">The result.</param>
/// <param name="Cure">What to do; null when nothing needs to be done.</param>
/// <param name="Facts">The finding as JSON, for programs; null if there is none.</param>
public sealed record Finding(CheckState State, string Sentence, string? Cure = null, JsonObject? Facts = null)
{
    /// <summary>The finding as text.</summary>
    public string Sentence { get; } = Counted.Agree(Sentence);

    /// <summary>A passed check.</summary>
    public static Finding Pass(string sentence, JsonObject? facts = null) => new(CheckState.Pass, sentence, null, facts);

    /// <summary>A failed check.</summary>
    public static Finding Fail(string sentence, string cure, JsonObject? facts = null) => new(CheckState.Fail, sentence, cure, facts);

    /// <summary>A check of a part that the system does not have.</summary>
    public static Finding Skip(string sentence) => new(CheckState.Skipped, sentence);

    /// <summary>A check that could not be run, or whose result is uncertain.</summary>
    public static Finding Unknown(string sentence, string? cure = null, JsonObject? facts = null) =>
        new(CheckState.Unknown, sentence, cure, facts);
}
