using CloudTicks.CentralHub.Documents;

namespace CloudTicks.CentralHub.Client;

/// <summary>The followed document and its hub.</summary>
/// <param name="Key">The key; null when the hub requires none.</param>
internal sealed record FollowedHub(ServiceDocument Service, Uri Address, string Folder, string? Key)
{
    /// <summary>Returns the service and the hub's address, without the key.</summary>
    public override string ToString() => $"{Service.Service} at {Address.Authority}";
}
