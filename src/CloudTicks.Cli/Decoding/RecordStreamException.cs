namespace CloudTicks.Cli.Decoding;

/// <summary>The input is not framed as records, so it cannot be read past this position. The message names the byte.</summary>
internal sealed class RecordStreamException(string message) : Exception(message);
