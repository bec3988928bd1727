namespace Caluma.Healthz.Servers;

/// <summary>The output of a server process, which tests can wait for.</summary>
/// <param name="heard">Called with each line, in order.</param>
internal sealed class ServerLog(Action<string>? heard = null)
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

    /// <summary>The number of lines so far, to wait for later ones.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            heard?.Invoke(line);
            foreach (var (_, seen) in _waiting.Where(waiter => line.Contains(waiter.Text, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }

            _waiting.RemoveAll(waiter => waiter.Seen.Task.IsCompleted);
        }
    }

    /// <summary>Completes once a line from <paramref name="from"/> on contains <paramref name="text"/>.</summary>
    public Task SeenAsync(string text, int from = 0)
    {
        lock (_lock)
        {
            if (_lines.Skip(from).Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((text, seen));
            return seen.Task;
        }
    }

    /// <summary>The whole log.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join(Environment.NewLine, _lines);
        }
    }
}
