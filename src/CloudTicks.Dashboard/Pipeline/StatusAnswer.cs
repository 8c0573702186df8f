using CloudTicks.Dashboard.Services;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>What a service answered when its status was queried.</summary>
/// <typeparam name="T">The status.</typeparam>
internal sealed record StatusAnswer<T>(ServiceAnswer Answer)
    where T : class
{
    /// <summary>The status; null where the answer is none: no service can break the page.</summary>
    public T? Good { get; } = ServiceAnswer.Read<T>(Answer.Good);

    public bool IsThere => Answer.IsThere;
}
