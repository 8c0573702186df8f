namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// A service that was registered at the hub, as <c>service_registrations</c> has it, with the newest version of its document.
/// </summary>
/// <param name="Revision">How often it was registered with another schema or other defaults, from 1.</param>
/// <param name="Author">Who made the newest revision.</param>
/// <param name="CreatedMs">When it was registered first, Unix ms, UTC.</param>
/// <param name="ChangedMs">When the newest revision was made, Unix ms, UTC.</param>
/// <param name="Newest">Null while the document is the defaults.</param>
public sealed record RegisteredService(
    string Service, int Revision, string Schema, string Defaults, string Author, long CreatedMs, long ChangedMs, ConfigVersion? Newest);
