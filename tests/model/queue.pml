/* queue.pml - a model of queue, lease, spool and ledger for SPIN, small enough to be searched completely:
 * two workers, a pack that becomes two images, and a single image; a user can cancel each of them, and
 * retry the single image.
 *
 * The pack's job stays open after its commit, held by its images, until both have ended. The image that
 * ends last ends the pack, unless another session has locked the pack's row just then: a later heartbeat
 * does it. Images that are made again after the pack's end are no part of the model.
 *
 * Each worker has a spool of its own, which the worker that replaces it after a crash uses again. A job
 * that waits for the store is left to the worker whose spool holds its answer.
 *
 * Workers crash between any two effects, leases expire while their workers live, the store fails, and
 * answers of the database and of the provider are lost. Each of these is bounded, so every run ends: a state in which no
 * process can continue is a job that is stuck.
 *
 * Each MUTATE macro removes one safeguard; tests/sql/model requires that SPIN then finds an error. */
#define PACK 0
#define CHILD 1 /* and CHILD + 1 */
#define SINGLE 3
#define AGAIN 4 /* the job that is created when the user retries SINGLE */
#define JOBS 5
#define NONE 255
#define CHILDREN 254 /* the holder of a pack whose images are queued */

mtype = { absent, pending, processing, completed, failed };

mtype status[JOBS];
byte lease[JOBS];   /* grows with every claim */
byte holder[JOBS];  /* the worker that holds the lease, CHILDREN, or NONE */
byte retries[JOBS];
byte charge[JOBS];  /* what a refund returns: the pack's charge moves to its children */
bit spooled[10];    /* a paid answer is on the disk of a worker, see SPOOLED */
byte bound[JOBS];   /* the worker to which the database leaves the job, or NONE */
byte images[JOBS], refunds[JOBS];

byte current[2];    /* the job that a worker works on; NONE after a crash */
byte current_lease[2];
bit in_call[2];     /* the call is recorded and its answer has not arrived */

/* For the assertions only. */
byte settled[JOBS], calls[JOBS], excused[JOBS];
byte crashes, expiries, losses, rejections, outages;
bit user_done;

#define SPOOLED(job, worker) spooled[2 * (job) + (worker)]
#define IS_FINAL(j) (status[j] == completed || status[j] == failed)
#define IS_DONE(j) (IS_FINAL(j) || status[j] == absent)
#define ALL_DONE                                                                                   \
    (user_done && IS_DONE(PACK) && IS_DONE(CHILD) && IS_DONE(CHILD + 1) && IS_DONE(SINGLE) &&      \
     IS_DONE(AGAIN))
#define LEASE_IS_CURRENT (lease[j] == l && holder[j] == w)
#ifdef MUTATE_NO_LEASE_CHECK
#define IS_HELD (status[j] == processing)
#else
#define IS_HELD (status[j] == processing && LEASE_IS_CURRENT)
#endif

/* What no step reads any more is set back, here and where a job is completed: states that differ in
 * nothing else are one state, which quarters their number. */
inline settle(job, how)
{
    status[job] = how;
    retries[job] = 0;
    settled[job]++;
    assert(settled[job] == 1)
}

inline refund(job)
{
    if
#ifdef MUTATE_REFUND_AGAIN
    :: charge[job] > 0 ->
#else
    :: charge[job] > 0 && refunds[job] == 0 ->
#endif
        refunds[job] = refunds[job] + charge[job]
    :: else
    fi;
    assert(images[job] == 0 || refunds[job] == 0);
    assert(refunds[PACK] + refunds[CHILD] + refunds[CHILD + 1] <= 2);
    assert(refunds[CHILD] <= 1 && refunds[CHILD + 1] <= 1);
    assert(refunds[SINGLE] + refunds[AGAIN] <= 1)
}

#define IS_OPEN_PACK (status[PACK] == processing && holder[PACK] == CHILDREN)
#define PARTS_HAVE_ENDED (IS_FINAL(CHILD) && IS_FINAL(CHILD + 1))

/* darkroom.settle_pack: ends the pack if its images have ended. */
inline settle_pack()
{
    if
#ifdef MUTATE_SETTLE_EARLY
    :: IS_OPEN_PACK ->
#else
    :: IS_OPEN_PACK && PARTS_HAVE_ENDED ->
#endif
        assert(PARTS_HAVE_ENDED);
        if
        :: status[CHILD] == completed && status[CHILD + 1] == completed -> settle(PACK, completed)
        :: else -> settle(PACK, failed); refund(PACK)
        fi
    :: else
    fi
}

/* darkroom.settle_pack_of, in the transaction that ends an image. It waits for no lock. */
inline part_ended(job)
{
    if
    :: job == CHILD || job == CHILD + 1 ->
        if
        :: settle_pack()
        :: true /* another session has locked the pack */
        fi
    :: else
    fi
}

/* darkroom.commit_image and commit_pack, each one transaction. Changes nothing if the lease is lost, or
 * if this lease has committed before. */
inline commit()
{
    if
#ifdef MUTATE_COMMIT_WITHOUT_CHECK
    :: true ->
#else
    :: IS_HELD ->
        assert(LEASE_IS_CURRENT);
#endif
        if
        :: j == PACK ->
            status[CHILD] = pending;
            status[CHILD + 1] = pending;
            charge[CHILD] = 1;
            charge[CHILD + 1] = 1;
            charge[PACK] = 0;
            holder[PACK] = CHILDREN
        :: else ->
            images[j]++;
            assert(images[j] == 1 && refunds[j] == 0);
#ifndef MUTATE_COMMIT_IN_TWO
            settle(j, completed);
            lease[j] = 0;
            holder[j] = NONE;
            bound[j] = NONE;
            part_ended(j)
#endif
        fi
#ifndef MUTATE_COMMIT_WITHOUT_CHECK
    :: else
#endif
    fi
}

/* darkroom.fail_job, one transaction. */
inline fail_job()
{
    if
    :: IS_HELD ->
        assert(LEASE_IS_CURRENT);
        if
        :: retries[j] < 1 ->
            retries[j]++;
            status[j] = pending;
            holder[j] = NONE
        :: else ->
            settle(j, failed);
            refund(j);
            part_ended(j)
        fi
    :: else
#ifdef MUTATE_REFUND_AGAIN
        -> if
        :: status[j] == failed && LEASE_IS_CURRENT -> refund(j)
        :: else
        fi
#endif
    fi
}

/* darkroom.wait_for_service_keeping, one transaction: the store takes nothing. Spends no attempt. */
inline wait_for_store()
{
    if
    :: IS_HELD ->
        assert(LEASE_IS_CURRENT);
#ifdef MUTATE_DEFER_SPENDS
        retries[j]++;
        assert(retries[j] <= 1);
#endif
#ifndef MUTATE_DEFER_UNBOUND
        bound[j] = (SPOOLED(j, w) -> w : bound[j]);
#endif
        status[j] = pending;
        holder[j] = NONE
    :: else
    fi
}

/* A worker that dies, or loses its lease, before the database knows of its answer: another may pay. */
#define EXCUSE_UNBOUND(job, worker)                                                                \
    excused[job] = excused[job] + (SPOOLED(job, worker) && bound[job] != worker -> 1 : 0)

#define CLAIMABLE(job) (status[job] == pending && (bound[job] == NONE || bound[job] == w))

/* After an effect the worker may crash, or lose the answer to its statement and send it again. A crash
 * before an effect is one after the effect before. */
#define MAY_CRASH                                                                                  \
    if                                                                                             \
    :: crashes < CRASHES -> crashes++; goto claim                                                  \
    :: true                                                                                        \
    fi
#define MAY_CRASH_OR_REPEAT(label)                                                                 \
    if                                                                                             \
    :: crashes < CRASHES -> crashes++; goto claim                                                  \
    :: losses < LOSSES -> losses++; goto label                                                     \
    :: true                                                                                        \
    fi

proctype worker(byte w)
{
    byte j, l;

claim: /* also the place of a worker that replaces a dead one */
    atomic {
        current[w] = NONE;
        current_lease[w] = 0;
        in_call[w] = 0;
        j = NONE;
        l = 0
    }
    atomic {
        if
        :: CLAIMABLE(PACK) -> j = PACK
        :: CLAIMABLE(CHILD) -> j = CHILD
        :: CLAIMABLE(CHILD + 1) -> j = CHILD + 1
        :: CLAIMABLE(SINGLE) -> j = SINGLE
        :: CLAIMABLE(AGAIN) -> j = AGAIN
        :: ALL_DONE -> goto end
        fi;
        status[j] = processing;
        holder[j] = w;
        lease[j]++;
        l = lease[j];
        current[w] = j;
        current_lease[w] = l;
        MAY_CRASH;
        if
        :: j == PACK -> goto write /* it needs no call in this model */
        :: else
        fi
    }
    atomic { /* looks into the spool */
        if
#ifndef MUTATE_NO_SPOOL
        :: SPOOLED(j, w) -> goto check
#endif
        :: else
        fi
    }
    atomic { /* darkroom.begin_call: nothing is sent under a stale lease */
        if
#ifndef MUTATE_CALL_WITHOUT_LEASE
        :: !IS_HELD -> goto claim
#endif
        :: else -> in_call[w] = 1
        fi;
        MAY_CRASH
    }
    atomic { /* the call is sent */
        calls[j]++;
        assert(calls[j] <= 1 + excused[j])
    }
    atomic { /* its answer arrives, and is on disk before it is read; or it is lost */
        if
        :: crashes < CRASHES -> crashes++; excused[j] = excused[j] + in_call[w]; goto claim
        :: losses < LOSSES -> losses++; excused[j] = excused[j] + in_call[w]; in_call[w] = 0;
            goto report
        :: SPOOLED(j, w) = 1; in_call[w] = 0
        fi;
        if
        :: crashes < CRASHES -> crashes++; EXCUSE_UNBOUND(j, w); goto claim
        :: IS_HELD -> bound[j] = w /* darkroom.keep_answers, or the job is stored before it */
        :: true
        fi
    }
check:
    atomic {
        if
        :: true
        :: rejections < REJECTIONS && SPOOLED(j, w) ->
            rejections++; SPOOLED(j, w) = 0; excused[j]++; goto report
        :: outages < OUTAGES && j != PACK -> outages++; goto defer
        fi
    }
write: /* the path of the upload depends only on the job, so it is no step of its own */
    atomic {
        commit();
#ifdef MUTATE_COMMIT_IN_TWO
        MAY_CRASH;
        if
        :: IS_HELD -> settle(j, completed)
        :: else
        fi;
#endif
        MAY_CRASH_OR_REPEAT(write);
        SPOOLED(j, w) = (status[j] == completed -> 0 : SPOOLED(j, w)); /* its last reader */
        goto claim
    }
defer:
    atomic {
        wait_for_store();
        MAY_CRASH_OR_REPEAT(defer);
        goto claim
    }
report:
    atomic {
        fail_job();
        MAY_CRASH_OR_REPEAT(report);
        goto claim
    }
end:
    skip
}

#define IS_WITH_WORKER(job) (status[job] == processing && holder[job] != CHILDREN)
#define IS_ABANDONED(job)                                                                          \
    (IS_WITH_WORKER(job) &&                                                                        \
     (current[holder[job]] != job || current_lease[holder[job]] != lease[job]))
#define MAY_RETURN(job) (IS_ABANDONED(job) || (IS_WITH_WORKER(job) && expiries < EXPIRIES))

/* What heartbeats do. darkroom.rescue: returns the jobs of dead workers, and those of live ones whose
 * lease has expired; a pack that its images hold has a lease without an end. darkroom.settle_packs: ends
 * a pack whose last image could not. */
proctype rescue()
{
    byte j;

again:
    atomic {
        if
#ifndef MUTATE_NO_RESCUE
        :: MAY_RETURN(PACK) -> j = PACK
        :: MAY_RETURN(CHILD) -> j = CHILD
        :: MAY_RETURN(CHILD + 1) -> j = CHILD + 1
        :: MAY_RETURN(SINGLE) -> j = SINGLE
        :: MAY_RETURN(AGAIN) -> j = AGAIN
#endif
#ifdef MUTATE_RESCUE_OPEN_PACK
        :: IS_OPEN_PACK -> status[PACK] = pending; holder[PACK] = NONE; goto again
#endif
#ifndef MUTATE_NO_LATER_SETTLE
        :: IS_OPEN_PACK && PARTS_HAVE_ENDED -> settle_pack(); goto again
#endif
        :: ALL_DONE -> goto end
        fi;
        if
        :: IS_ABANDONED(j)
        :: else ->
            expiries++;
            excused[j] = excused[j] + in_call[holder[j]];
            in_call[holder[j]] = 0;
            EXCUSE_UNBOUND(j, holder[j])
        fi;
        status[j] = pending;
        holder[j] = NONE
    }
    goto again;
end:
    skip
}

inline cancel(job)
{
    lease[job]++;
    holder[job] = NONE;
    settle(job, failed);
    refund(job)
}

/* A user cancels the single image, or not, and retries it if it has failed, or not. */
proctype user()
{
    if
    :: atomic {
        !IS_FINAL(SINGLE) -> cancel(SINGLE)
    }
    :: true
    fi;
    if
    :: atomic {
        status[SINGLE] == failed ->
        status[AGAIN] = pending;
#ifdef MUTATE_RETRY_IS_CHARGED
        charge[AGAIN] = 1
#else
        charge[AGAIN] = (refunds[SINGLE] > 0 -> 0 : charge[SINGLE])
#endif
    }
    :: true
    fi;
    user_done = 1
}

/* A user cancels the pack, or not: darkroom.cancel_pack cancels the images that have not ended. */
proctype pack_user()
{
    if
    :: atomic {
        !IS_FINAL(PACK) ->
        if
        :: IS_OPEN_PACK ->
            if
            :: !IS_FINAL(CHILD) -> cancel(CHILD)
            :: else
            fi;
            if
            :: !IS_FINAL(CHILD + 1) -> cancel(CHILD + 1)
            :: else
            fi;
            settle_pack()
        :: else -> cancel(PACK)
        fi
    }
    :: true
    fi;
    user_done = 1
}

#define IS_RIGHT(job)                                                                              \
    (status[job] == absent || (status[job] == completed && images[job] == 1 && refunds[job] == 0) || \
     (status[job] == failed && images[job] == 0 && refunds[job] == charge[job]))

init {
    atomic {
        byte i;

        for (i : 0 .. JOBS - 1) {
            status[i] = absent;
            holder[i] = NONE;
            bound[i] = NONE
        }
#ifdef WITH_PACK
        status[PACK] = pending;
#else
        status[PACK] = completed;
#endif
        charge[PACK] = 2;
#ifdef WITH_SINGLE
        status[SINGLE] = pending;
#endif
#if !defined(WITH_SINGLE) && !defined(WITH_CANCELLED_PACK)
        user_done = 1;
#endif
        charge[SINGLE] = 1;
        current[0] = NONE;
        current[1] = NONE;
        run worker(0);
        run worker(1);
        run rescue();
#ifdef WITH_SINGLE
        run user()
#endif
#ifdef WITH_CANCELLED_PACK
        run pack_user()
#endif
    }
    /* The end: every job has ended once, with an image or a refund, and a pack as its images have. */
    atomic {
        ALL_DONE && _nr_pr == 1 ->
#ifdef WITH_PACK
        assert((status[PACK] == completed) ==
               (status[CHILD] == completed && status[CHILD + 1] == completed));
        assert(status[CHILD] != absent || refunds[PACK] == 2);
#endif
        assert(IS_RIGHT(CHILD) && IS_RIGHT(CHILD + 1) && IS_RIGHT(SINGLE) && IS_RIGHT(AGAIN))
    }
}
