using CloudTicks.CentralHub.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>The central hub has no document of the named service.</summary>
public sealed class UnknownServiceException(string? service, DocumentCatalog catalog)
    : Exception(
        $"'{service}' has no document here. Services are {catalog.Names}, and the registered ones (GET /api/v1/services). "
            + "PUT /api/v1/services/{service}, or 'cloudticks services register', registers another.");
