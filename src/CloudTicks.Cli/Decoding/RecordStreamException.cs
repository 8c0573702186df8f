namespace CloudTicks.Cli.Decoding;

/// <summary>The input is not framed as records, so it cannot be read further. The message contains the position.</summary>
internal sealed class RecordStreamException(string message) : Exception(message);
