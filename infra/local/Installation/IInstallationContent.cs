namespace CloudTicks.LocalServices.Installation;

/// <summary>The content of an installation: the servers and clients of Debian, or libduckdb.</summary>
internal interface IInstallationContent
{
    /// <summary>The free space that the cache's disk must have before the download.</summary>
    public long RequiredBytes { get; }

    /// <summary>Checks that the programs and keys that the download needs are installed.</summary>
    /// <exception cref="LocalServicesUnavailableException">A program or a key is missing.</exception>
    public void RequirePrograms();

    /// <summary>Downloads and prepares everything in a folder.</summary>
    /// <param name="folder">The temporary folder.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>Names and versions of the packages, for people.</returns>
    public Task<IReadOnlyList<string>> FillAsync(string folder, CancellationToken cancellationToken);

    /// <summary>The exception that says why the content is not available, and what to set instead.</summary>
    public LocalServicesUnavailableException Unavailable(string missing, Exception? cause = null);
}
