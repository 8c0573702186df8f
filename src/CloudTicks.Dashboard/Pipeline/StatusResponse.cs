using CloudTicks.Dashboard.Services;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>A service's response to a status query.</summary>
/// <typeparam name="T">The status.</typeparam>
internal sealed record StatusResponse<T>(ServiceResponse Answer)
    where T : class
{
    /// <summary>The status; null for any other response, so that no service can break the dashboard.</summary>
    public T? Good { get; } = ServiceResponse.Read<T>(Answer.Good);

    public bool HasResponded => Answer.HasResponded;
}
