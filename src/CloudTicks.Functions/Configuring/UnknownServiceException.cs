using CloudTicks.CentralHub.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>The named service has no document here.</summary>
public sealed class UnknownServiceException(string? service, DocumentCatalog catalog)
    : Exception(
        $"'{service}' has no document here. Services are {catalog.Names}, and the registered ones (GET /api/v1/services). "
            + "PUT /api/v1/services/{service}, or 'cloudticks services register', registers another.");
