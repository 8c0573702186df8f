namespace CloudTicks.EventHub.Groups;

/// <summary>A call on its way to a group's loop.</summary>
internal abstract class GroupCall
{
    public abstract void Run(Group group, DateTimeOffset now);

    /// <summary>The loop has ended, because nobody was in the group: the call is to be made to its successor.</summary>
    public abstract void Miss();
}

/// <summary>A call that is answered, at once or later.</summary>
internal sealed class GroupCall<T>(Action<Group, DateTimeOffset, Action<T>> call) : GroupCall
{
    private readonly TaskCompletionSource<GroupResponse<T>> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<GroupResponse<T>> Answered => _answered.Task;

    public override void Run(Group group, DateTimeOffset now)
    {
        try
        {
            call(group, now, answer => _answered.TrySetResult(new GroupResponse<T>(true, answer)));
        }
        catch (Exception e)
        {
            _answered.TrySetException(e);
        }
    }

    public override void Miss() => _answered.TrySetResult(default);
}

internal readonly record struct GroupResponse<T>(bool Given, T Value);
