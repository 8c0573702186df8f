using CloudTicks.CentralHub.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>The named service has no document here.</summary>
public sealed class UnknownServiceException(string? service, DocumentCatalog catalog)
    : Exception(
        $"'{service}' follows no document here; there are {catalog.Names}, and those that were registered (GET /api/v1/services). "
            + "PUT /api/v1/services/{service}, or 'cloudticks services register', registers another.");
