using CloudTicks.Dashboard.Services;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>A service's response to a status query.</summary>
/// <typeparam name="T">The type of the status.</typeparam>
internal sealed record StatusResponse<T>(ServiceResponse Response)
    where T : class
{
    /// <summary>The status; null if the response is not a valid status, so that no service can break the dashboard.</summary>
    public T? Value { get; } = ServiceResponse.Read<T>(Response.Value);

    public bool HasResponded => Response.HasResponded;
}
