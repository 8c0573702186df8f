namespace CloudTicks.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCodes
{
    /// <summary>All went well; also when the reader of the output wanted no more.</summary>
    public const int Done = 0;

    /// <summary>Something could not be read, written or collected; standard error or the log says what.</summary>
    public const int Incomplete = 1;

    /// <summary>The command line or a setting is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C, or SIGTERM, ended the looking at something that goes on.</summary>
    public const int Interrupted = 130;
}
