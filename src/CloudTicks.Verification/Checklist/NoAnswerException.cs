namespace CloudTicks.Verification.Checklist;

/// <summary>A part of the system does not answer, or not so that it helps.</summary>
/// <param name="part">The part, of <see cref="Parts"/>.</param>
/// <param name="isAway">True when it does not answer at all; false when it answers and refuses, or is not what it should be.</param>
/// <param name="sentence">What happened.</param>
/// <param name="cure">What to do.</param>
internal sealed class NoAnswerException(string part, bool isAway, string sentence, string cure) : Exception(sentence)
{
    /// <summary>The part, of <see cref="Parts"/>.</summary>
    public string Part { get; } = part;

    /// <summary>True when it does not answer at all.</summary>
    public bool IsAway { get; } = isAway;

    /// <summary>What to do.</summary>
    public string Cure { get; } = cure;
}
