using CloudTicks.CentralHub.Documents;

namespace CloudTicks.CentralHub.Client;

/// <summary>Whose document is followed, and from where.</summary>
/// <param name="Key">The key; null where the hub asks for none.</param>
internal sealed record HubPlace(ServiceDocument Service, Uri Address, string Folder, string? Key)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Service.Service} at {Address.Authority}";
}
