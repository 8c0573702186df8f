using CloudTicks.Dashboard.Services;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>A service's response to a status query.</summary>
/// <typeparam name="T">The status.</typeparam>
internal sealed record StatusAnswer<T>(ServiceAnswer Answer)
    where T : class
{
    /// <summary>The status; null for any other response, so that no service can break the page.</summary>
    public T? Good { get; } = ServiceAnswer.Read<T>(Answer.Good);

    public bool IsThere => Answer.IsThere;
}
