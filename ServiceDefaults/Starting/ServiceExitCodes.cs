namespace Microsoft.Extensions.Hosting;

/// <summary>The exit codes of every service.</summary>
public static class ServiceExitCodes
{
    /// <summary>Stopped on request, or printed its help.</summary>
    public const int Stopped = 0;

    /// <summary>Failed; the log states why.</summary>
    public const int Failed = 1;

    /// <summary>Refused to start because of a setting; standard error states what to change.</summary>
    public const int NotStarted = 2;
}
