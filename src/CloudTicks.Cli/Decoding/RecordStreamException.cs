namespace CloudTicks.Cli.Decoding;

/// <summary>The input is not framed as records, so that nothing behind this place can be read. The message names the byte.</summary>
internal sealed class RecordStreamException(string message) : Exception(message);
