namespace CloudTicks.Cli;

internal static class ExitCodes
{
    /// <summary>Success; also when the reader of the output closed the pipe.</summary>
    public const int Done = 0;

    /// <summary>Something could not be read, written, found or collected; standard error or the log says what.</summary>
    public const int Incomplete = 1;

    /// <summary>The command line or a setting is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Nothing was changed, because of a conflict, such as a concurrent change to the document.</summary>
    public const int Conflict = 3;

    /// <summary>The hub refuses the values; standard error names each fault.</summary>
    public const int Refused = 4;

    /// <summary>The key is missing, wrong, or lacks the permission.</summary>
    public const int NotAllowed = 5;

    /// <summary>The central hub or its database does not answer or is overloaded. Retry later.</summary>
    public const int Unavailable = 6;

    /// <summary>Ctrl-C or SIGTERM ended the command.</summary>
    public const int Interrupted = 130;
}
