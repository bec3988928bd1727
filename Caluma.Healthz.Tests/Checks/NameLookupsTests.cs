using System.Net.Sockets;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>Runs with a resolver of the test. <see cref="Faults.SilentNameServerTests"/> has the real one.</summary>
public sealed class NameLookupsTests : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(4);

    private readonly CountingTime _time = new();
    private readonly Resolver _resolver = new();
    private readonly NameLookups _names;

    public NameLookupsTests() => _names = new NameLookups(_resolver.LookUp);

    public void Dispose() => _resolver.EndAll(found: true);

    [Fact]
    public async Task A_silent_name_server_is_told_from_a_silent_target()
    {
        await using var runner = Runner(Silent("unfound", "hangs.test"), Silent("silent", "found.test"), Silent("address"));

        var running = await StartAsync(runner, targets: 3);
        _time.Advance(_timeout / 4);
        await Deadline.UntilAsync(
            "one name is found and the other is not", () => _resolver.Hanging == 1 && _resolver.Asked == 2 && !_names.Hang(["found.test"]));
        var report = await FinishAsync(running);

        Assert.Equal(
            [("address", Reason.Timeout), ("silent", Reason.Timeout), ("unfound", (Reason?)Reason.Dns)],
            report.Results.Select(result => (result.Target, result.Reason)));
    }

    [Fact]
    public async Task While_a_name_hangs_no_client_asks_for_it_and_two_lookups_wait()
    {
        var probe = Silent("default", "hangs.test");
        await using var runner = Runner(probe);
        await HangOnceAsync(runner);

        for (var run = 0; run < 5; run++)
        {
            Assert.Equal([Reason.Dns], await ReasonsAsync(runner));
        }

        Assert.Equal(1, probe.Runs);
        Assert.Equal(2, _resolver.Asked);
    }

    [Fact]
    public async Task The_first_run_after_a_name_is_found_passes()
    {
        var isWell = false;
        var probe = new ScriptedProbe(
            "default",
            (run, cancellationToken) =>
            {
                if (isWell)
                {
                    run.Pass(Check.Caches);
                }

                return isWell ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancellationToken);
            },
            Check.Caches)
        {
            HostNames = ["hangs.test"],
        };
        await using var runner = Runner(probe);
        await HangOnceAsync(runner);

        // The lookups of earlier runs hang still.
        _resolver.Finds = isWell = true;
        Assert.Equal([null], Reasons(await EndAsync(await StartAsync(runner, targets: 0))));
        Assert.Equal([null], Reasons(await EndAsync(await StartAsync(runner, targets: 0))));
        Assert.Equal(2, _resolver.Asked);
    }

    [Fact]
    public async Task A_name_that_hung_and_then_is_not_found_fails_with_dns_without_a_client()
    {
        var probe = Silent("default", "hangs.test");
        await using var runner = Runner(probe);
        await HangOnceAsync(runner);

        var running = await StartAsync(runner, targets: 0);
        await Deadline.UntilAsync("the run looks it up", () => _resolver.Hanging == 2);
        _resolver.EndAll(found: false);

        Assert.Equal([Reason.Dns], Reasons(await EndAsync(running)));
        Assert.Equal(1, probe.Runs);
    }

    [Fact]
    public async Task Of_several_hosts_one_whose_name_does_not_hang_is_enough()
    {
        var probe = Silent("default", "hangs.test", "found.test");
        await using var runner = Runner(probe);
        await HangOnceAsync(runner);

        await ReasonsAsync(runner);

        Assert.Equal(2, probe.Runs);
    }

    [Fact]
    public async Task A_target_that_answers_costs_no_lookup()
    {
        var probe = new ScriptedProbe(
            "default",
            (run, _) =>
            {
                run.Pass(Check.Caches);
                return Task.CompletedTask;
            },
            Check.Caches)
        {
            HostNames = ["found.test"],
        };
        await using var runner = Runner(probe);

        Assert.True((await runner.RunAsync(CheckSet.All, TestContext.Current.CancellationToken)).Ok);
        _time.Advance(_timeout);

        Assert.Equal(0, _resolver.Asked);
    }

    [Theory]
    [InlineData("Host=DB.example.org", "db.example.org")]
    [InlineData("Host=a:5433,b,a", "a,b")]
    [InlineData("Host=10.0.0.1:5433,::1,[::1]:5433,/var/run/postgresql,@socket", "")]
    [InlineData("Database=d", "")]
    public void The_names_of_a_database_are_those_that_must_be_looked_up(string connectionString, string names) =>
        Assert.Equal(names, string.Join(',', NameLookups.NamesOf(DatabaseHosts.Of(connectionString))));

    [Theory]
    [InlineData("https://media.example.org:9000/bucket", "media.example.org")]
    [InlineData("http://[::1]:9000/", "::1")]
    public void The_host_of_an_address_is_its_own_where_there_is_no_proxy(string address, string host) =>
        Assert.Equal(host, NameLookups.HostOf(new Uri(address)));

    private static ScriptedProbe Silent(string target, params string[] names) => new(
        target, (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken), Check.Caches)
    {
        HostNames = names,
        Reason = Reason.Dns,
    };

    private static IEnumerable<Reason?> Reasons(RunReport report) => report.Results.Select(result => result.Reason);

    /// <summary>Waits for a run whose clock stands still: it ends by itself.</summary>
    private static Task<RunReport> EndAsync(Task<RunReport> running) => running.WaitAsync(Deadline.Default);

    private Runner Runner(params ScriptedProbe[] probes) => new(
        probes, _timeout, _time, new RunMetrics(new HealthzOptions(), _time), NullLogger<Runner>.Instance, nameLookups: _names);

    private async Task HangOnceAsync(Runner runner)
    {
        var running = await StartAsync(runner, targets: 1);
        _time.Advance(_timeout / 4);
        await Deadline.UntilAsync("the lookup hangs", () => _resolver.Hanging == 1);
        await Deadline.UntilAsync("the other name is found", () => !_names.Hang(["found.test"]));
        await FinishAsync(running);
    }

    private async Task<IEnumerable<Reason?>> ReasonsAsync(Runner runner) =>
        Reasons(await FinishAsync(await StartAsync(runner, targets: 1)));

    /// <summary>Starts a run, and waits until it waits for so many targets.</summary>
    private async Task<Task<RunReport>> StartAsync(Runner runner, int targets)
    {
        var before = _time.Created(_timeout / 4);
        var running = runner.RunAsync(CheckSet.All, TestContext.Current.CancellationToken);
        await Deadline.UntilAsync("the run waits", () => _time.Created(_timeout / 4) >= before + targets);
        return running;
    }

    private async Task<RunReport> FinishAsync(Task<RunReport> running)
    {
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await running;
    }

    /// <summary>Hangs for names that begin with <c>hangs</c>, unless it is told to find them.</summary>
    private sealed class Resolver
    {
        private readonly TaskCompletionSource<bool> _end = new();
        private int _asked;
        private int _hanging;

        public int Asked => Volatile.Read(ref _asked);

        public int Hanging => Volatile.Read(ref _hanging);

        public bool Finds { get; set; }

        public void EndAll(bool found) => _end.TrySetResult(found);

        public void LookUp(string name)
        {
            Interlocked.Increment(ref _asked);
            if (!Finds && name.StartsWith("hangs", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _hanging);
                if (!_end.Task.GetAwaiter().GetResult())
                {
                    throw new SocketException((int)SocketError.TryAgain);
                }
            }
        }
    }

    private sealed class CountingTime : FakeTimeProvider
    {
        private readonly Lock _lock = new();
        private readonly List<TimeSpan> _created = [];

        public int Created(TimeSpan dueTime)
        {
            lock (_lock)
            {
                return _created.Count(created => created == dueTime);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            lock (_lock)
            {
                _created.Add(dueTime);
            }

            return timer;
        }
    }
}
