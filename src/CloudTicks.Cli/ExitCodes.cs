namespace CloudTicks.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCodes
{
    /// <summary>All went well; also when the reader of the output wanted no more.</summary>
    public const int Done = 0;

    /// <summary>Something could not be read or written; standard error says what.</summary>
    public const int Incomplete = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
