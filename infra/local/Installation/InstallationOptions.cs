namespace CloudTicks.LocalServices.Installation;

/// <summary>The cache and the machine of an installation; the defaults are this user's cache and this machine.</summary>
internal sealed record InstallationOptions
{
    public HostSystem Host { get; init; } = HostSystem.ThisMachine;

    /// <summary>The folder of caches; null for the user's (XDG_CACHE_HOME, else ~/.cache).</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The space that the cache's disk needs before the download: package lists, packages, their contents, and a
    /// reserve.</summary>
    public long RequiredBytes { get; init; } = 400_000_000;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
