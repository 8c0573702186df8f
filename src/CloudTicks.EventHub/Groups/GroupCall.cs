namespace CloudTicks.EventHub.Groups;

/// <summary>A call in the queue of a group's loop.</summary>
internal abstract class GroupCall
{
    public abstract void Run(Group group, DateTimeOffset now);

    /// <summary>
    /// Rejects the call because the loop has ended with an empty group: the caller must retry with the group's next loop.
    /// </summary>
    public abstract void Reject();
}

/// <summary>A call with a response, which may be sent later.</summary>
internal sealed class GroupCall<T>(Action<Group, DateTimeOffset, Action<T>> call) : GroupCall
{
    private readonly TaskCompletionSource<GroupResponse<T>> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<GroupResponse<T>> Response => _response.Task;

    public override void Run(Group group, DateTimeOffset now)
    {
        try
        {
            call(group, now, value => _response.TrySetResult(new GroupResponse<T>(true, value)));
        }
        catch (Exception e)
        {
            _response.TrySetException(e);
        }
    }

    public override void Reject() => _response.TrySetResult(default);
}

internal readonly record struct GroupResponse<T>(bool HasValue, T Value);
