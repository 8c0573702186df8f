namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// A registered service: a row of <c>service_registrations</c> with the newest version of its document.
/// </summary>
/// <param name="Revision">The number of the registration, from 1. Another schema or other defaults increment it.</param>
/// <param name="Author">The author of the newest revision.</param>
/// <param name="CreatedMs">When it was first registered, Unix ms, UTC.</param>
/// <param name="ChangedMs">When the newest revision was made, Unix ms, UTC.</param>
/// <param name="Newest">Null while the document is the defaults.</param>
public sealed record RegisteredService(
    string Service, int Revision, string Schema, string Defaults, string Author, long CreatedMs, long ChangedMs, ConfigVersion? Newest);
