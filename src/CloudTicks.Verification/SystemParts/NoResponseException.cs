namespace CloudTicks.Verification.SystemParts;

/// <summary>A part of the system does not answer, or its response cannot be used.</summary>
/// <param name="isUnreachable">
/// True when the part does not answer, or answers with a server error; false when it refuses the request, or is not the expected service.
/// </param>
internal sealed class NoResponseException(string part, bool isUnreachable, string sentence, string cure) : Exception(sentence)
{
    public string Part { get; } = part;

    /// <summary>True when the part does not answer, or answers with a server error.</summary>
    public bool IsUnreachable { get; } = isUnreachable;

    public string Cure { get; } = cure;
}
