namespace CloudTicks.Verification.SystemParts;

/// <summary>A part of the system does not answer, its response cannot be used, or its address is not known.</summary>
/// <param name="isUnreachable">
/// True when the part does not answer, or answers with a server error; otherwise false.
/// </param>
internal sealed class NoResponseException(string part, bool isUnreachable, string sentence, string cure) : Exception(sentence)
{
    public string Part { get; } = part;

    /// <summary>True when the part does not answer, or answers with a server error.</summary>
    public bool IsUnreachable { get; } = isUnreachable;

    public string Cure { get; } = cure;
}
