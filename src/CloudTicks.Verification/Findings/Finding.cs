using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Verification.Findings;

/// <summary>What a check found.</summary>
/// <param name="State">Whether it is as it must be.</param>
/// <param name="Cure">What to do; null when there is nothing to do.</param>
/// <param name="Facts">The same for programs; null when there is nothing more to say.</param>
public sealed record Finding(CheckState State, string Sentence, string? Cure = null, JsonObject? Facts = null)
{
    /// <summary>What was found, for people.</summary>
    public string Sentence { get; } = Counted.Agree(Sentence);

    /// <summary>It is as it must be.</summary>
    public static Finding Pass(string sentence, JsonObject? facts = null) => new(CheckState.Pass, sentence, null, facts);

    /// <summary>It is not as it must be.</summary>
    public static Finding Fail(string sentence, string cure, JsonObject? facts = null) => new(CheckState.Fail, sentence, cure, facts);

    /// <summary>It could not be looked at.</summary>
    public static Finding Unknown(string sentence, string? cure = null, JsonObject? facts = null) =>
        new(CheckState.Unknown, sentence, cure, facts);
}
