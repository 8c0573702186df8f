namespace CloudTicks.LocalServices.Installation;

/// <summary>Where and from what an installation is made; the defaults are this user's cache and this machine.</summary>
internal sealed record InstallationOptions
{
    public HostSystem Host { get; init; } = HostSystem.ThisMachine;

    /// <summary>Folder of caches; the user's when null (XDG_CACHE_HOME, else ~/.cache).</summary>
    public string? CacheFolder { get; init; }

    /// <summary>What must be free on the cache's disk before anything is fetched: lists, packages and their contents, and some room.</summary>
    public long RequiredBytes { get; init; } = 400_000_000;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
