namespace Microsoft.Extensions.Hosting;

/// <summary>How every service ends.</summary>
public static class ServiceExitCodes
{
    /// <summary>Stopped as told, or printed its help.</summary>
    public const int Stopped = 0;

    /// <summary>Failed; the log says why.</summary>
    public const int Failed = 1;

    /// <summary>Did not start as it is set; standard error says what to change.</summary>
    public const int NotStarted = 2;
}
