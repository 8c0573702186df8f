namespace CloudTicks.Cli.Decoding;

/// <summary>The reader of the output closed the pipe, as <c>| head</c> does.</summary>
internal sealed class OutputClosedException(IOException cause) : Exception("The reader of the output closed the pipe.", cause);
