namespace CloudTicks.Cli.Decoding;

/// <summary>Nobody reads the output any more, as behind <c>| head</c>.</summary>
internal sealed class ReaderGoneException(IOException cause) : Exception("The reader of the output has gone.", cause);
