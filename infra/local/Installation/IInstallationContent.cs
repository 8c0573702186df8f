namespace CloudTicks.LocalServices.Installation;

/// <summary>What an installation consists of: the servers and clients of Debian, or libduckdb.</summary>
internal interface IInstallationContent
{
    /// <summary>What must be free on the cache's disk before anything is fetched.</summary>
    public long RequiredBytes { get; }

    /// <summary>Looks for the programs that fetching needs.</summary>
    /// <exception cref="LocalServicesUnavailableException">One is missing.</exception>
    public void RequirePrograms();

    /// <summary>Fetches and prepares everything in a folder.</summary>
    /// <param name="folder">The temporary folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Names and versions of what was fetched, for people.</returns>
    public Task<IReadOnlyList<string>> FillAsync(string folder, CancellationToken cancellationToken);

    /// <summary>The sentence that says why it cannot be fetched, and what to set instead.</summary>
    public LocalServicesUnavailableException Unavailable(string missing, Exception? cause = null);
}
