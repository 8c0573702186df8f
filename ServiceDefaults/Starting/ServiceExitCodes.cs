namespace Microsoft.Extensions.Hosting;

/// <summary>The exit codes of every service.</summary>
public static class ServiceExitCodes
{
    /// <summary>Stopped on request, or printed its help or version.</summary>
    public const int Stopped = 0;

    /// <summary>Failed; the log states why.</summary>
    public const int Failed = 1;

    /// <summary>Could not start, such as because of a setting or a port in use; standard error states what to change.</summary>
    public const int NotStarted = 2;
}
