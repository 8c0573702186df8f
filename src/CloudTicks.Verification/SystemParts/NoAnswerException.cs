namespace CloudTicks.Verification.SystemParts;

/// <summary>A part of the system does not answer, or not usefully.</summary>
/// <param name="isAway">True when it does not answer at all; false when it answers and refuses, or is not what it should be.</param>
internal sealed class NoAnswerException(string part, bool isAway, string sentence, string cure) : Exception(sentence)
{
    public string Part { get; } = part;

    /// <summary>True when it does not answer at all.</summary>
    public bool IsAway { get; } = isAway;

    public string Cure { get; } = cure;
}
