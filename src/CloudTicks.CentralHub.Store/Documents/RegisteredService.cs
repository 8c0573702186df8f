namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>A registered service: a row of <c>service_registrations</c> with the newest version of its document.</summary>
/// <param name="Revision">
/// The number of the registration's revision, starting at 1. A changed schema or changed defaults increment it.
/// </param>
/// <param name="Author">The author of the newest revision.</param>
/// <param name="CreatedMs">When the first revision was created, Unix ms, UTC.</param>
/// <param name="ChangedMs">When the newest revision was created, Unix ms, UTC.</param>
/// <param name="Newest">The newest version; null while the defaults are in force.</param>
public sealed record RegisteredService(
    string Service, int Revision, string Schema, string Defaults, string Author, long CreatedMs, long ChangedMs, ConfigVersion? Newest);
